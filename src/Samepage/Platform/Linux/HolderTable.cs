using System.Globalization;
using System.Text;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Which processes have which files open, as /proc shows them to this user: for people, never as evidence of life.</summary>
internal sealed unsafe class HolderTable
{
    private readonly Dictionary<(ulong Device, ulong Inode), List<SharedObjectHolder>> _holders = [];

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
        _holders.TryGetValue((status.Device, status.Inode), out List<SharedObjectHolder>? holders) ? holders : [];

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
                if (!_holders.TryGetValue((status.Device, status.Inode), out List<SharedObjectHolder>? list))
                    _holders.Add((status.Device, status.Inode), list = []);
                if (list.Count == 0 || list[^1].ProcessId != id)
                    list.Add(new SharedObjectHolder(id, program));
            }
        }
        catch (IOException)
        {
            // The process has ended.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's process.
        }
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
