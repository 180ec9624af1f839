namespace Samepage.Bench.Rivals.Bytes;

/// <summary>Writes the same to several, one after another; nobody answers.</summary>
internal readonly struct EachPort<TPort>(TPort[] ports) : IBytePort
    where TPort : struct, IBytePort
{
    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (TPort port in ports)
            port.Write(bytes);
    }

    public int Read(Span<byte> bytes) => throw new NotSupportedException("Nobody answers who writes to several.");
}
