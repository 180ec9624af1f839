using System.Globalization;
using System.Runtime.InteropServices;

namespace Samepage.Hostile;

/// <summary>Lock words in which a thread of the victim is named: a stranger who writes such a name holds the lock for as long as he likes, which nobody can help.</summary>
internal static unsafe partial class HeldWords
{
    private const int Page = 65536, State = 4096, ThreadMask = 0x3FFF_FFFF, Wake = 1;

    private static readonly nint _futex = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 98 : 202;

    /// <summary>He lets go of all of them: who sleeps on one goes on.</summary>
    public static void Free(string directory, int victim)
    {
        if (!Directory.Exists(directory) || ThreadsOf(victim) is not { } threads)
            return;
        foreach (string path in Directory.GetFileSystemEntries(directory))
        {
            if (Path.GetFileName(path).StartsWith('.') || MappedFile.Open(path) is not { } file)
                continue;
            using (file)
            {
                if (file.Length >= Page)
                    Free(file.Bytes(Page - State, State), threads);
            }
        }
    }

    private static void Free(Span<byte> state, HashSet<int> threads)
    {
        fixed (byte* begin = state)
        {
            for (int* word = (int*)begin; word < begin + state.Length; word++)
            {
                if (!threads.Contains(*word & ThreadMask))
                    continue;
                Volatile.Write(ref *word, 0);
                _ = SystemCall(_futex, (nint)word, Wake, int.MaxValue);
            }
        }
    }

    /// <summary>Null: it has ended.</summary>
    private static HashSet<int>? ThreadsOf(int process)
    {
        try
        {
            return [.. Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")).Select(t => int.Parse(Path.GetFileName(t), CultureInfo.InvariantCulture))];
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint address, nint operation, nint count);
}
