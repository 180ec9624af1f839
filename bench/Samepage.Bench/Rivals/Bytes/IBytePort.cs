namespace Samepage.Bench.Rivals.Bytes;

/// <summary>What carries bytes and knows of no messages.</summary>
internal interface IBytePort
{
    /// <summary>Returns when all of them are on their way.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Waits for the next bytes, and takes as many as there are: 0 when no more will come.</summary>
    int Read(Span<byte> bytes);
}
