using System.Text;
using Samepage.Platform;
using Samepage.Platform.Linux;

namespace Samepage.Architecture;

/// <summary>Objects of format 1, byte for byte: a program of another version, or in another language, reads just these.</summary>
public sealed class GoldenBytesTests
{
    private const string AcceptVariable = "SAMEPAGE_ACCEPT_GOLDEN";

    private static string Golden => Path.Combine(SourceTree.Root, "tests", "Samepage.Architecture", "GoldenBytes.format1.txt");

    /// <summary>What differs from run to run: creator, times, device, inode, pid namespace, program, and the path of a backing file with its length.</summary>
    private static readonly (int Offset, int Length)[] _masked = [(48, 4), (56, 8), (64, 8), (72, 16), (88, 8), (100, 4), (104, 4), (912, 64), (4096, 4096)];

    [Fact]
    public void Every_kind_of_object_has_these_bytes()
    {
        var text = new StringBuilder();
        string path = Path.Combine(Path.GetTempPath(), "samepage-golden");
        File.WriteAllBytes(path, new byte[3000]);
        try
        {
            using (SharedMemory section = SharedMemory.Create("golden section", 5000))
                text.Append(Dump("golden section"));
            using (SharedMemory reserved = SharedMemory.Create("golden/ré", 5L << 32, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096, Protection = MemoryAccess.ReadWriteExecute, LargePages = true }))
                text.Append(Dump("golden/ré"));
            using (SharedMemory over = SharedMemory.CreateFromFile(path, "golden file", 0, new SharedMemoryOptions { Protection = MemoryAccess.Read }))
            {
                text.Append(Dump("golden file"));
                byte[] bytes = File.ReadAllBytes(Path.Combine(ScopeDirectory.PathOf(SharedObjectScope.Local), "golden%20file"));
                Assert.Equal(path.Length, BitConverter.ToInt32(bytes, 104));
                Assert.Equal(path, Encoding.UTF8.GetString(bytes, 4096, path.Length));
            }
            using (SharedMutex mutex = SharedMutex.Create("golden mutex"))
                text.Append(Dump("golden mutex"));
            using (SharedEvent manual = SharedEvent.Create("golden manual", EventResetMode.ManualReset, initiallySet: true))
                text.Append(Dump("golden manual"));
            using (SharedEvent auto = SharedEvent.Create(@"Global\golden auto", EventResetMode.AutoReset))
                text.Append(Dump(@"Global\golden auto"));
            using (SharedSemaphore semaphore = SharedSemaphore.Create("golden semaphore", 3, 258))
                text.Append(Dump("golden semaphore"));
            using (SharedReaderWriterLock readerWriter = SharedReaderWriterLock.Create("golden reader-writer"))
                text.Append(Dump("golden reader-writer"));
            using (SharedLock one = SharedLock.Create("golden lock"))
                text.Append(Dump("golden lock"));
            foreach (SharedObjectKind channel in new[] { SharedObjectKind.Pipe, SharedObjectKind.Topic, SharedObjectKind.Queue, SharedObjectKind.Cell, SharedObjectKind.CellMap, SharedObjectKind.Service })
            {
                string name = $"golden {channel.Noun()}";
                using SharedMemory memory = SharedMemory.OfKind(
                    channel, ObjectName.Parse(name), 1L << 32, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 }, openExisting: false, out _);
                text.Append(Dump(name));
            }
        }
        finally
        {
            File.Delete(path);
        }
        string found = text.ToString();
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            File.WriteAllText(Golden, found);
        Assert.True(File.ReadAllText(Golden) == found,
            $"The bytes of format 1 have changed: that is another format, which needs another number. They are now:\n{found}\n" +
            $"Only where the table itself was wrong: {AcceptVariable}=1 rewrites {Golden}.");
    }

    /// <summary>Name of the file and all 16-byte rows that are not zero, masked bytes as dots, up to the payload.</summary>
    private static string Dump(string name)
    {
        var scope = name.StartsWith("Global", StringComparison.Ordinal) ? SharedObjectScope.Global : SharedObjectScope.Local;
        string bare = name[(name.IndexOf('\\', StringComparison.Ordinal) + 1)..];
        string fileName = Encoding.ASCII.GetString(FileNameEncoding.Encode(bare)).TrimEnd('\0');
        using FileStream file = File.OpenRead(Path.Combine(ScopeDirectory.PathOf(scope), fileName));
        var bytes = new byte[65536];
        file.ReadExactly(bytes);
        var text = new StringBuilder();
        text.Append(scope).Append(' ').Append(fileName).Append(", ").Append(file.Length).Append(" bytes\n");
        for (int row = 0; row < bytes.Length; row += 16)
        {
            if (bytes.AsSpan(row, 16).IndexOfAnyExcept((byte)0) < 0 || row is >= 4096 and < 8192)
                continue;
            text.Append($"{row,5}:");
            for (int i = row; i < row + 16; i++)
                text.Append(i % 4 == 0 ? " " : "").Append(_masked.Any(m => i >= m.Offset && i < m.Offset + m.Length) ? ".." : bytes[i].ToString("x2", null));
            text.Append('\n');
        }
        return text.Append('\n').ToString();
    }
}
