"""The server on the way any ASGI server allows: `python -m tests.bench.portable serve …`.

The same command without the hand-over of streams, which is otherwise taken wherever it is there.
"""

from app.cli import main
from app.web.server import SocketProtocol, StreamingProtocol

if __name__ == "__main__":
    StreamingProtocol.hands_over = SocketProtocol.hands_over = False
    main(prog_name="readyboard")
