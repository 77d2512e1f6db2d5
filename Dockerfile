# Two stages: the first builds the wheel and installs it from hashed locks, the second carries
# nothing but Python and what was installed. BASE lets a build without a registry name its own.
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
WORKDIR /build
COPY locks/runtime.txt locks/
RUN python3 -m venv /opt/skillpassport \
    && /opt/skillpassport/bin/pip install --no-cache-dir --require-hashes -r locks/runtime.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY migrations migrations
COPY schemas schemas
COPY src src
# hatchling is in the lock, so nothing is fetched here.
RUN /opt/skillpassport/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${BASE}
LABEL org.opencontainers.image.title="skillpassport" \
      org.opencontainers.image.description="Signed skills credentials, and what they mean in another country" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 passport \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin passport \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/skillpassport
COPY --from=build /opt/skillpassport /opt/skillpassport
ENV PATH=/opt/skillpassport/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SKILLPASSPORT_DATA_DIR=/var/lib/skillpassport
USER 10001:10001
WORKDIR /var/lib/skillpassport
VOLUME /var/lib/skillpassport
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
# Needs SKILLPASSPORT_MASTER_KEY or SKILLPASSPORT_MASTER_KEY_FILE: it serves others than itself.
ENTRYPOINT ["skillpassport"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
