using System.Runtime.CompilerServices;

// The tests count the files of one directory, so they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Samepage.Processes;

/// <summary>A directory of its own for the objects of this run, so that what is left over at the end is known to be ours.</summary>
internal static class Isolation
{
    [ModuleInitializer]
    internal static void Begin()
    {
        string root = Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory($"/dev/shm/samepage-processes-{Environment.ProcessId}").FullName
            : Directory.CreateTempSubdirectory("samepage-processes-").FullName;
        Environment.SetEnvironmentVariable("SAMEPAGE_ROOT", root);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
    }

    /// <summary>The files of all objects and memberships at this moment, those of the dead included.</summary>
    public static string[] Files() => [.. All().Where(f => !IsOfProcess(f))];

    /// <summary>By which others know whether a process lives: one for each that has used a lock.</summary>
    public static string[] ProcessTethers() => [.. All().Where(IsOfProcess)];

    private static string[] All() => Directory.GetFiles(Environment.GetEnvironmentVariable("SAMEPAGE_ROOT")!, "*", SearchOption.AllDirectories);

    private static bool IsOfProcess(string file) => Path.GetFileName(file) is var name && name.StartsWith(".tether-", StringComparison.Ordinal) && name.Count(c => c == '-') == 1;
}
