# Label Studio with themecoder's gate, as compose.yml builds it: the version and the hashes that the tests run with.
# Not root, and nothing is fetched while it runs.
FROM python:3.11-slim-bookworm AS build
COPY requirements/uv.txt requirements/lock-server.txt requirements/
RUN python -m venv /opt/label-studio \
    && /opt/label-studio/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/uv.txt \
    && /opt/label-studio/bin/uv pip install --no-cache --python /opt/label-studio/bin/python --require-hashes --no-deps -r requirements/lock-server.txt

FROM python:3.11-slim-bookworm
COPY --from=build /opt/label-studio /opt/label-studio
COPY src/themecoder/coding/label_studio/in_server /opt/gate
# compose.yml says as whom it runs: whoever may read the secrets. A new volume takes this folder's rights.
RUN mkdir -m 1777 /data && useradd --uid 1000 --no-create-home --home-dir /data label-studio
USER label-studio
ENV PATH=/opt/label-studio/bin:$PATH PYTHONPATH=/opt/gate PYTHONDONTWRITEBYTECODE=1 HOME=/data LABEL_STUDIO_BASE_DATA_DIR=/data
WORKDIR /data
CMD ["label-studio", "start", "--no-browser", "--internal-host", "0.0.0.0", "--port", "8080", "--username", "onderzoeker@themecoder.local", "--config", "/run/secrets/owner"]
