# The command line and the workbench's core in a container that is not root and needs no network to run:
#   docker build -t themecoder .
#   docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD:/study" themecoder run
# The study's folder is mounted; nothing of it is in the image.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements/uv.txt requirements/lock-core.txt requirements/
RUN python -m venv /opt/themecoder \
    && /opt/themecoder/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/uv.txt \
    && /opt/themecoder/bin/uv pip install --no-cache --python /opt/themecoder/bin/python --require-hashes --no-deps -r requirements/lock-core.txt
COPY . .
RUN /opt/themecoder/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
COPY --from=build /opt/themecoder /opt/themecoder
RUN useradd --create-home --uid 1000 researcher && mkdir /study && chown researcher /study
USER researcher
ENV PATH=/opt/themecoder/bin:$PATH
WORKDIR /study
ENTRYPOINT ["themecoder"]
CMD ["--help"]
