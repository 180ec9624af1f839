using System.Globalization;

namespace Samepage.Platform.Linux;

/// <summary>The kernel's own account of what is mapped where: /proc/PID/maps, proc(5).</summary>
internal static class ProcessMaps
{
    /// <summary>One mapping; access is null when it may not be touched.</summary>
    public readonly record struct Entry(nint Start, nint End, MemoryAccess? Access);

    /// <summary>A part of a file that is mapped to be shared.</summary>
    public readonly record struct SharedFile(nint Start, nint End, long Offset, ulong Inode);

    public static Entry Find(nint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', dash);
            nint end = nint.Parse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (address >= end)
                continue;
            nint start = nint.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (address < start)
                break;
            return new Entry(start, end, AccessOf(line.AsSpan(space + 1, 4)));
        }
        throw new SharedObjectException(FailureReason.OutOfRange, $"Nothing is mapped at address 0x{address:X}.");
    }

    /// <summary>All that a process has mapped of files to be shared.</summary>
    public static IEnumerable<SharedFile> SharedFilesOf(int process)
    {
        foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/maps")))
        {
            // start-end flags offset device inode path
            string[] fields = line.Split(' ', 6);
            if (fields.Length < 5 || !fields[1].EndsWith('s'))
                continue;
            string[] ends = fields[0].Split('-');
            yield return new SharedFile(
                nint.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                nint.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                long.Parse(fields[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }

    private static MemoryAccess? AccessOf(ReadOnlySpan<char> flags)
    {
        if (flags[0] != 'r')
            return null;
        bool execute = flags[2] == 'x';
        if (flags[1] != 'w')
            return execute ? MemoryAccess.ReadExecute : MemoryAccess.Read;
        if (flags[3] == 'p')
            return execute ? MemoryAccess.CopyOnWriteExecute : MemoryAccess.CopyOnWrite;
        return execute ? MemoryAccess.ReadWriteExecute : MemoryAccess.ReadWrite;
    }
}
