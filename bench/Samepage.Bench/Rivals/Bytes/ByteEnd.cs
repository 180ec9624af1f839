using Samepage.Bench.Cases;

namespace Samepage.Bench.Rivals.Bytes;

/// <summary>Messages in a stream of bytes, of a length that both sides know.</summary>
/// <remarks>
/// Each message, or batch of them, is written by a call of its own, since it should be there for the other side when that returns. The reader takes with one call as much as there is,
/// as all that read streams do.
/// </remarks>
internal struct ByteEnd<TPort>(TPort port, int sentAtOnce) : IRivalEnd
    where TPort : struct, IBytePort
{
    private const int LeastRoom = 64 << 10;

    private readonly byte[] _written = new byte[Math.Max(sentAtOnce, sizeof(ulong))];
    private readonly byte[] _read = new byte[Math.Max(sentAtOnce, LeastRoom)];
    private int _from;
    private int _to;

    public readonly void Send(int length, ulong number)
    {
        Span<byte> message = _written.AsSpan(0, length);
        Words.Fill(message, number);
        port.Write(message);
    }

    public readonly void SendBatch(int length, ulong number, int count)
    {
        for (int i = 0; i < count; i++)
            Words.Fill(_written.AsSpan(i * length, length), number + (ulong)i);
        port.Write(_written.AsSpan(0, count * length));
    }

    public ulong Receive(int length)
    {
        if (_to - _from < length)
            Refill(length);
        ulong number = Words.Read(_read.AsSpan(_from, length));
        _from += length;
        return number;
    }

    private void Refill(int length)
    {
        _read.AsSpan(_from, _to - _from).CopyTo(_read);
        _to -= _from;
        _from = 0;
        while (_to < length)
        {
            int count = port.Read(_read.AsSpan(_to));
            if (count == 0)
                throw new EndOfStreamException("The other side is gone.");
            _to += count;
        }
    }
}
