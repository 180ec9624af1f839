using System.ComponentModel;
using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>Compiles the C programs of bench/reference, when there is a compiler, into the folder of this program under artifacts/.</summary>
internal static class ReferenceCompiler
{
    private static readonly string? _compiler = OperatingSystem.IsLinux() ? Find() : null;

    /// <summary>What a row says when its reference is not there.</summary>
    public static string WhyNot => OperatingSystem.IsLinux() ? "no C compiler" : "reference is for Linux";

    /// <summary>The first line of what the compiler says of itself, or why there is none.</summary>
    public static string Description => _compiler is null ? WhyNot : Run(_compiler, "--version").Split('\n')[0];

    public static bool TryGet(string program, out string path)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "reference");
        path = Path.Combine(folder, program);
        if (_compiler is null)
            return false;
        // Anew in every run: a tenth of a second, and never a stale program.
        _ = Run(_compiler, "-O2", "-std=gnu11", "-pthread", "-o", path, $"{path}.c", "-lrt");
        return true;
    }

    private static string? Find()
    {
        string? chosen = Environment.GetEnvironmentVariable("CC");
        foreach (string candidate in chosen is { Length: > 0 } ? [chosen] : new[] { "gcc", "cc" })
        {
            try
            {
                _ = Run(candidate, "--version");
                return candidate;
            }
            catch (Win32Exception)
            {
                // Not there: the next one, or none.
            }
        }
        return null;
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}.");
    }
}
