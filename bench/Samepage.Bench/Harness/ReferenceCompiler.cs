using System.ComponentModel;
using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>Compiles the programs of bench/reference and bench/rivals, when there is a compiler, into the folder of this program under artifacts/.</summary>
internal static class ReferenceCompiler
{
    private static readonly string? _compiler = Find("CC", "gcc", "cc");
    private static readonly Lazy<string?> _compilerOfCpp = new(() => Find("CXX", "g++", "c++"));

    /// <summary>By which gcc and clang, and their linkers, say that something is not there.</summary>
    private static readonly string[] _notThere = ["No such file or directory", "file not found", "cannot find -l", "unable to find library"];

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

    /// <summary>Compiles <c>rival.c</c> or <c>rival.cpp</c> of a folder to <c>rival</c>; false: the compiler, a header or a library of it is not on this machine.</summary>
    /// <exception cref="InvalidOperationException">All that it needs is there, and it does not compile.</exception>
    public static bool TryGetRival(string folder, IReadOnlyList<string> flags)
    {
        string program = Path.Combine(folder, "rival");
        bool isCpp = File.Exists($"{program}.cpp");
        if ((isCpp ? _compilerOfCpp.Value : _compiler) is not { } compiler)
            return false;
        string[] language = isCpp ? ["-std=gnu++17", $"{program}.cpp"] : ["-std=gnu11", $"{program}.c"];
        var start = new ProcessStartInfo(compiler, ["-O2", "-o", program, .. language, .. flags]) { RedirectStandardError = true };
        // The words that are looked for are English.
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
            return true;
        return _notThere.Any(errors.Contains)
            ? false
            : throw new InvalidOperationException($"{program} does not compile: {errors}");
    }

    private static string? Find(string variable, params string[] usual)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        string? chosen = Environment.GetEnvironmentVariable(variable);
        foreach (string candidate in chosen is { Length: > 0 } ? [chosen] : usual)
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
