using System.Diagnostics;

namespace Samepage.Torture.Driving;

/// <summary>A directory of its own for the objects of a run, so that what is left over at the end is known to be of it.</summary>
internal static class Root
{
    private const string Variable = "SAMEPAGE_ROOT";

    public static int Within(Func<int> run)
    {
        string root = Directory.CreateDirectory($"/dev/shm/samepage-torture-{Environment.ProcessId}").FullName;
        Environment.SetEnvironmentVariable(Variable, root);
        try
        {
            return run();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>The files of all objects, those of the dead included, but not those by which others know whether a process lives.</summary>
    public static string[] ObjectFiles() => [.. Files().Where(f => !IsOfProcess(Path.GetFileName(f)))];

    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Environment.GetEnvironmentVariable(Variable)!, "*", SearchOption.AllDirectories);

    /// <summary>The memory that they take, which is less than their lengths: it is reserved, and taken as it is used.</summary>
    public static long BytesInUse()
    {
        // Files come and go while it looks, of which it complains.
        using var du = Process.Start(new ProcessStartInfo("du", ["-s", "-B1", Environment.GetEnvironmentVariable(Variable)!]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string answer = du.StandardOutput.ReadToEnd();
        du.WaitForExit();
        return long.TryParse(answer.Split('\t')[0], out long bytes) ? bytes : 0;
    }

    private static bool IsOfProcess(string file) => file.StartsWith(".tether-", StringComparison.Ordinal) && file.Count(c => c == '-') == 1;
}
