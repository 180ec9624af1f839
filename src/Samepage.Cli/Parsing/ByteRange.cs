using Samepage.Cli.Output;

namespace Samepage.Cli.Parsing;

/// <summary>Which bytes of a section are meant.</summary>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The range that can be read; without a length, all that has memory behind it.</summary>
    public static ByteRange ToRead(SharedMemory section, long offset, long? length)
    {
        long committed = section.CommittedSize;
        if (length is null && offset < section.Size)
            return new ByteRange(offset, Math.Max(0, committed - offset));
        if (length is null || offset > section.Size || length > section.Size - offset)
            throw new UsageException(Outside(section, offset, length));
        if (length > Math.Max(0, committed - offset))
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"only {Shown.Bytes(committed)} of section {Shown.Name(section.Name)} are committed; the rest is reserved and holds nothing yet.",
                section.Name, SharedObjectKind.Section);
        }
        return new ByteRange(offset, length.Value);
    }

    public static string Outside(SharedMemory section, long offset, long? length) =>
        $"{(length is { } l ? Shown.Bytes(l) + " from" : "")} offset {offset:N0} {(length is null ? "does" : "do")} not lie within section {Shown.Name(section.Name)}, which has {Shown.Bytes(section.Size)}.".TrimStart();

    /// <summary>Maps the range; null when it is empty.</summary>
    public MemoryView? Map(SharedMemory section, MemoryAccess access) => Length == 0 ? null : section.Map(Offset, Length, access);
}
