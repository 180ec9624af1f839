using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>On which words of shared files the threads of a process sleep, as /proc shows it to this user: for people.</summary>
/// <remarks>
/// /proc/PID/task/TID/syscall tells the call that a thread sleeps in, and its arguments: proc(5). It stops nobody, yet takes the right to attach a
/// debugger. A thread that sleeps on an io_uring does not show for which words.
/// </remarks>
internal sealed class SleepingThreads
{
    // Without the device: some file systems (btrfs) show another one in the maps than stat does.
    private readonly Dictionary<(ulong Inode, long Offset), int> _counts = [];

    /// <summary>Null: this user may not see it.</summary>
    public static SleepingThreads? Of(int process)
    {
        var threads = new SleepingThreads();
        try
        {
            List<nint> addresses = AddressesOf(process);
            if (addresses.Count > 0)
                threads.Locate(addresses, [.. ProcessMaps.SharedFilesOf(process)]);
        }
        catch (IOException e) when (!LinuxErrors.IsShortOfFiles(e))
        {
            // The process has ended.
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        return threads;
    }

    /// <summary>How many sleep at this place of a file.</summary>
    public int CountOn(ulong inode, long offset) => _counts.GetValueOrDefault((inode, offset));

    /// <summary>The words that its threads sleep on.</summary>
    private static List<nint> AddressesOf(int process)
    {
        var addresses = new List<nint>();
        foreach (string task in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")))
        {
            try
            {
                Add(addresses, process, File.ReadAllText(task + "/syscall").Split(' '));
            }
            catch (IOException e) when (!LinuxErrors.IsShortOfFiles(e))
            {
                // The thread has ended.
            }
        }
        return addresses;
    }

    /// <param name="addresses">Gets the words of one thread.</param>
    /// <param name="process">Its process.</param>
    /// <param name="call">The number of the call in decimal and its arguments in hexadecimal; of a thread that runs, the word "running".</param>
    private static void Add(List<nint> addresses, int process, string[] call)
    {
        if (!nint.TryParse(call[0], NumberStyles.None, CultureInfo.InvariantCulture, out nint number))
            return;
        if (number == Native.SysFutex && Argument(call[2]) == Native.FutexWaitBitset)
            addresses.Add(Argument(call[1]));
        else if (number == Native.SysFutexWaitV && Argument(call[1]) is > 0 and var entries && Argument(call[2]) is > 0 and <= Futex.MostWords and var count)
            addresses.AddRange(EntriesOf(process, entries, (int)count).Select(e => (nint)e.Address));
    }

    /// <summary>What a thread gave to futex_waitv, out of its memory. Empty when it has gone on since.</summary>
    private static FutexWaitEntry[] EntriesOf(int process, nint address, int count)
    {
        FutexWaitEntry[] entries = new FutexWaitEntry[count];
        Span<byte> bytes = MemoryMarshal.AsBytes(entries.AsSpan());
        using SafeFileHandle memory = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/mem"), share: FileShare.ReadWrite);
        return RandomAccess.Read(memory, bytes, address) == bytes.Length ? entries : [];
    }

    private void Locate(List<nint> addresses, ProcessMaps.SharedFile[] files)
    {
        foreach (nint address in addresses)
        {
            foreach (ProcessMaps.SharedFile file in files.Where(f => f.Start <= address && address < f.End))
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, (file.Inode, file.Offset + (address - file.Start)), out _)++;
        }
    }

    private static nint Argument(string text) => nint.Parse(text.AsSpan("0x".Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
