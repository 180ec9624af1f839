using System.Globalization;
using System.Runtime.InteropServices;

namespace Samepage.Hostile;

/// <summary>Lock words in which a thread is named that lives: a stranger who writes such a name holds the lock for as long as he likes, which nobody can help.</summary>
internal static unsafe partial class HeldWords
{
    private const int Page = 65536, State = 4096, ThreadMask = 0x3FFF_FFFF, Wake = 1;

    private static readonly nint _futex = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 98 : 202;

    /// <summary>He lets go of all of them: who sleeps on one goes on.</summary>
    public static void Free(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (string path in Directory.GetFileSystemEntries(directory))
        {
            if (Path.GetFileName(path).StartsWith('.') || MappedFile.Open(path) is not { } file)
                continue;
            using (file)
            {
                if (file.Length >= Page)
                    Free(file.Bytes(Page - State, State));
            }
        }
    }

    private static void Free(Span<byte> state)
    {
        fixed (byte* begin = state)
        {
            for (int* word = (int*)begin; word < begin + state.Length; word++)
            {
                if (!Lives(*word & ThreadMask))
                    continue;
                Volatile.Write(ref *word, 0);
                _ = SystemCall(_futex, (nint)word, Wake, int.MaxValue);
            }
        }
    }

    /// <summary>Of any process: 1 is what strangers write most, and is always there.</summary>
    private static bool Lives(int thread) => thread != 0 && File.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/status"));

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint address, nint operation, nint count);
}
