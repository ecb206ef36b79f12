# e164web in a container: `docker build -t e164web .`, or see compose.yaml.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
# The packages change less often than the code, so they are a layer of their own. The same lock file as `make run`.
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --quiet --only-binary :all: --no-deps --require-hashes -r requirements/base.txt \
 && /venv/bin/python -m pip check

COPY manage.py ./
COPY e164web e164web
COPY dashboard dashboard
COPY templates templates
COPY static static
# In a folder that is thrown away: the keys that every start makes there must never become part of an image. Only the
# collected files are kept, so that the first start of a new volume finds them.
RUN E164WEB_DATA_DIR=/tmp/build /venv/bin/python manage.py prepare_static \
 && mkdir /data \
 && mv /tmp/build/static /tmp/build/static.sources /data/ \
 && rm -rf /tmp/build \
 && /venv/bin/python -m compileall -q e164web dashboard manage.py

FROM python:3.13-slim

# What backups of PostgreSQL are made with (docs/backup.md).
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/*
# A fixed id, so that the files of a volume keep their owner from image to image.
RUN groupadd --gid 10164 e164web \
 && useradd --uid 10164 --gid 10164 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin e164web
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN install -d -o 10164 -g 10164 -m 700 /data
COPY --from=build --chown=10164:10164 /data /data

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    E164WEB_DATA_DIR=/data E164WEB_BIND=0.0.0.0:8000
WORKDIR /app
USER 10164:10164
# The database and the keys. Whatever else the container holds can be made again.
VOLUME /data
EXPOSE 8000
# The first start migrates and makes the database, so it may take a while.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-m", "e164web.health"]
# In exec form, and `serve` becomes gunicorn: the signal of `docker stop` arrives where it is understood.
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "serve"]
