"""Verifiable credentials without a server: parse, sign, verify.

Knows no database, network, web or settings: time, resolvers and keys come in as arguments.

    from skillpassport.vc import Offline, verify
    report = verify(credential, resolvers=Offline(), now=datetime.now(UTC)).report
    print(report.verdict)
"""
