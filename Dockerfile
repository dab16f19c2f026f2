# docker build -t readyboard .    docker run -p 8080:8080 -v readyboard:/data readyboard
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY app app
COPY templates templates
COPY static static
RUN python -m venv /opt/readyboard && /opt/readyboard/bin/pip install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/readyboard /opt/readyboard
# The folder belongs to the user before the volume is laid over it, so that the volume does too.
RUN useradd --system --uid 10001 readyboard && install -d -o readyboard -g readyboard /data
USER readyboard
ENV PATH=/opt/readyboard/bin:$PATH READYBOARD_DATA=/data READYBOARD_HOST=0.0.0.0
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["readyboard", "healthcheck"]
CMD ["readyboard", "serve"]
