using System.Runtime.InteropServices;

namespace Samepage.Torture.Histories;

/// <summary>Where the history of an actor lies, and what is in it.</summary>
internal static class HistoryFile
{
    public static string PathOf(string directory, int actor) => Path.Combine(directory, $"{actor}.history");

    /// <summary>The operations of one actor in their order; the last one may be pending. A file that was never made is an empty history.</summary>
    public static List<Operation> Read(string directory, int actor)
    {
        var operations = new List<Operation>();
        string path = PathOf(directory, actor);
        if (!File.Exists(path))
            return operations;
        using FileStream file = File.OpenRead(path);
        var block = new HistoryRecord[1024];
        while (true)
        {
            int length = file.ReadAtLeast(MemoryMarshal.AsBytes(block.AsSpan()), MemoryMarshal.AsBytes(block.AsSpan()).Length, throwOnEndOfStream: false);
            foreach (HistoryRecord record in MemoryMarshal.Cast<byte, HistoryRecord>(MemoryMarshal.AsBytes(block.AsSpan())[..length]))
            {
                if (record.Length == 0)
                    return operations;
                operations.Add(new Operation(actor, record.Code, record.Argument, record.Result, record.Detail, record.Begin, record.End == 0 ? Operation.Never : record.End));
            }
            if (length == 0)
                return operations;
        }
    }
}
