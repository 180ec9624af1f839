namespace Samepage.Bench.Rivals.Bytes;

/// <summary>One stream to write and one to read, or the same for both.</summary>
internal readonly struct StreamPort(Stream output, Stream input) : IBytePort
{
    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    public int Read(Span<byte> bytes) => input.Read(bytes);
}
