"""Which network addresses an outbound fetch may connect to.

The decision is taken on what a name *resolved to*, never on the name: `2130706433`, `127.1` and a
public name that points at a private address all end here as an address.
Source: IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and successors)
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

HostPort = tuple[str, int]
"""A host in lower case, without brackets, and a port."""

Address = IPv4Address | IPv6Address

# Listed in full instead of trusting `is_global`, whose answer changes between Python versions.
_NEVER_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # "this network"; Linux connects 0.0.0.0 to loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; holds one cloud's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host service on an address that looks public
        "169.254.0.0/16",  # link-local, with the usual metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays from IPv6
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")
# Inside the global block, yet not a plain destination: several carry an IPv4 address inside.
_NEVER_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def is_public(address: Address) -> bool:
    """Return whether an address is an ordinary destination on the public internet.

    An IPv6 address that maps or translates an IPv4 one is not: `::ffff:10.0.0.1`,
    `64:ff9b::7f00:1` and the like would reach what the IPv4 rules forbid.
    """
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NEVER_IPV4)
    return address in _GLOBAL_IPV6 and not any(address in block for block in _NEVER_IPV6)


def read_address(text: str) -> Address:
    """Return the address that a resolver gave as text; a zone such as `%eth0` is cut off.

    Raises: ValueError
    """
    return ip_address(text.partition("%")[0])
