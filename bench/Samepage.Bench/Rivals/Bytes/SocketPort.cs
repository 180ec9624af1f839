using System.Net.Sockets;

namespace Samepage.Bench.Rivals.Bytes;

/// <summary>A socket itself, without the stream around it: synchronous calls of a socket that blocks.</summary>
internal readonly struct SocketPort(Socket socket) : IBytePort
{
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    public int Read(Span<byte> bytes) => socket.Receive(bytes);
}
