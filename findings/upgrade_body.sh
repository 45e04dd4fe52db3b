#!/usr/bin/env bash
# A POST that offers to upgrade to HTTP/2 reaches an app under uvicorn without its body.
#
# Software: uvicorn 0.54.0 with httptools 0.9.0; the request is the one that Java's
# java.net.http.HttpClient sends first over a connection without TLS.
#
# Guess: a server that does not know the protocol ignores the offer (RFC 9110, 7.8) and the app
# reads the request with its body, as it does without the offer.
# Seen: the app is called and its answer is sent, but the body that it reads is empty. httptools
# takes all that comes after the headers for the other protocol. With --http h11 the body arrives.
# Known as Kludex/uvicorn issue 2722.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  uvicorn==0.54.0 httptools==0.9.0 h11==0.16.0
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import asyncio

import uvicorn

OFFER = (
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
)
read = []


async def app(scope, receive, send):
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    read.append(body)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def ask(port, offer):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST / HTTP/1.1\r\nHost: a\r\n{offer}Content-Length: 5\r\n\r\nhello".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def main(parser):
    config = uvicorn.Config(app, port=0, http=parser, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    read.clear()
    for offer in ("", OFFER):
        await ask(port, offer)
    server.should_exit = True
    await serving
    print(f"{parser}: without the offer {read[0]}, with it {read[1]}")
    return list(read)


seen = {parser: asyncio.run(main(parser)) for parser in ("h11", "httptools")}
assert seen["h11"] == [b"hello", b"hello"], "h11 has changed"
assert seen["httptools"] == [b"hello", b""], "httptools reads it: out of date"
PY
