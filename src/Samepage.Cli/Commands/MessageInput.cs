using Samepage.Cli.Output;

namespace Samepage.Cli.Commands;

/// <summary>Messages from files and standard input.</summary>
internal static class MessageInput
{
    private const int PartBytes = 64 << 10;

    /// <summary>The lines of standard input, without their ends, as they come.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(int longest, CancellationToken ended)
    {
        using var input = new Input(null);
        byte[] buffer = new byte[PartBytes];
        int filled = 0;
        while (true)
        {
            int begin = 0, end;
            while ((end = buffer.AsSpan(begin, filled - begin).IndexOf((byte)'\n')) >= 0)
            {
                yield return Fitting(WithoutReturn(buffer.AsMemory(begin, end)), longest);
                begin += end + 1;
            }
            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            filled -= begin;
            // Two bytes more may be its end.
            if (filled > longest + 2L)
                throw TooLong(filled, longest);
            if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength));
            int count = input.Read(buffer.AsSpan(filled), ended);
            if (count == 0)
                break;
            filled += count;
        }
        if (filled > 0)
            yield return Fitting(buffer.AsMemory(0, filled), longest);
    }

    /// <summary>A file, or standard input, as one message.</summary>
    public static ReadOnlyMemory<byte> Whole(string path, int longest, CancellationToken ended)
    {
        using var input = new Input(path == "-" ? null : path);
        if (input.Length > longest)
            throw TooLong(input.Length.Value, longest);
        byte[] buffer = new byte[Math.Max(PartBytes, input.Length ?? 0)];
        int filled = 0;
        for (int count; (count = input.Read(buffer.AsSpan(filled), ended)) > 0; filled += count)
        {
            if (filled + count > longest)
                throw TooLong(filled + count, longest);
            if (filled + count == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength));
        }
        return buffer.AsMemory(0, filled);
    }

    public static ReadOnlyMemory<byte> Fitting(ReadOnlyMemory<byte> message, int longest) =>
        message.Length <= longest ? message : throw TooLong(message.Length, longest);

    // Windows ends its lines so.
    private static ReadOnlyMemory<byte> WithoutReturn(ReadOnlyMemory<byte> line) => line.Span is [.., (byte)'\r'] ? line[..^1] : line;

    private static IOException TooLong(long length, int longest) =>
        new(Shown.Invariant($"input of {length:N0} bytes or more does not fit: there is room for {Shown.Bytes(longest)} at most."));
}
