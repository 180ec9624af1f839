using System.Globalization;
using System.Text;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Which processes hold which files, as /proc shows them to this user: for people, never as evidence of life.</summary>
/// <remarks>Who only looks at an object has its file open for a moment, too: a holder is whose descriptor has the life lock.</remarks>
internal sealed unsafe class HolderTable
{
    private readonly Dictionary<(ulong Device, ulong Inode), List<(SharedObjectHolder Process, string Descriptor)>> _open = [];
    private readonly Dictionary<int, SleepingThreads?> _threads = [];

    public static HolderTable Read()
    {
        var table = new HolderTable();
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                table.Add(id, process);
        }
        return table;
    }

    public IReadOnlyList<SharedObjectHolder> Of(in FileStatus status) =>
        _open.TryGetValue((status.Device, status.Inode), out List<(SharedObjectHolder Process, string Descriptor)>? open)
            ? [.. open.Where(o => IsLocked(o.Process.ProcessId, o.Descriptor)).Select(o => o.Process).Distinct()]
            : [];

    /// <summary>The process of each of its holders' threads that sleeps on the wait word of a file; null when none of their threads may be seen.</summary>
    public IReadOnlyList<SharedObjectHolder>? WaitersAmong(IReadOnlyList<SharedObjectHolder> holders, ulong inode)
    {
        List<SharedObjectHolder>? waiters = null;
        foreach (SharedObjectHolder holder in holders)
        {
            if (!_threads.TryGetValue(holder.ProcessId, out SleepingThreads? threads))
                _threads.Add(holder.ProcessId, threads = SleepingThreads.Of(holder.ProcessId));
            if (threads is null)
                continue;
            waiters ??= [];
            waiters.AddRange(Enumerable.Repeat(holder, threads.CountOn(inode, StateBlock.WaitWordOffset)));
        }
        return waiters;
    }

    private void Add(int id, string process)
    {
        try
        {
            string? program = null;
            foreach (string link in Directory.EnumerateFileSystemEntries(process + "/fd"))
            {
                FileStatus status;
                fixed (byte* path = Encoding.ASCII.GetBytes(link + '\0'))
                {
                    if (LibC.StatX(Native.CurrentDirectory, path, 0, Native.StatBasic, &status) != 0 || !status.IsRegular)
                        continue;
                }
                program ??= ProgramOf(process);
                if (!_open.TryGetValue((status.Device, status.Inode), out List<(SharedObjectHolder, string)>? list))
                    _open.Add((status.Device, status.Inode), list = []);
                list.Add((new SharedObjectHolder(id, program), Path.GetFileName(link)));
            }
        }
        catch (IOException e) when (!LinuxErrors.IsShortOfFiles(e))
        {
            // The process has ended.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's process.
        }
    }

    /// <summary>A line of /proc/PID/fdinfo/FD for each lock of the open file, which ends with its first and its last byte: proc(5).</summary>
    private static bool IsLocked(int process, string descriptor)
    {
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fdinfo/{descriptor}"))
                .Any(line => line.StartsWith("lock:", StringComparison.Ordinal) && line.EndsWith(" 0 0", StringComparison.Ordinal));
        }
        catch (IOException e) when (!LinuxErrors.IsShortOfFiles(e))
        {
            // Closed since.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's since: it has become another program.
        }
        return false;
    }

    /// <summary>The managed program where the process is a bare dotnet host, otherwise the executable.</summary>
    private static string ProgramOf(string process)
    {
        string[] command = File.ReadAllText(process + "/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (command.Length == 0)
            return File.ReadAllText(process + "/comm").TrimEnd();
        string first = Path.GetFileName(command[0]);
        string? managed = first == "dotnet" ? command.Skip(1).FirstOrDefault(a => a.EndsWith(".dll", StringComparison.Ordinal)) : null;
        return managed is null ? first : Path.GetFileName(managed);
    }
}
