using System.Reflection;
using System.Runtime.InteropServices;

namespace Samepage.Bench.Harness;

/// <summary>Where the figures come from: without that they mean nothing.</summary>
internal sealed record Machine(
    string Processor, int Processors, string System, string Runtime, string Library, string Compiler, string LoadAverage, DateTime Date)
{
    /// <summary>Taken before the run, so that the load is other programs'.</summary>
    public static Machine Describe() => new(
        ProcessorModel(),
        Environment.ProcessorCount,
        KernelDescription(),
        $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture}",
        $"Samepage {LibraryVersion()}",
        ReferenceCompiler.Description,
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown",
        DateTime.UtcNow);

    /// <summary>With the beginning of the commit that it was built from.</summary>
    private static string LibraryVersion()
    {
        const int Enough = 8;
        string[] parts = typeof(SharedMemory).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
        return parts is [var version, { Length: > Enough } commit] ? $"{version}+{commit[..Enough]}" : parts[0];
    }

    private static string KernelDescription()
    {
        const string Release = "/proc/sys/kernel/osrelease";
        string system = RuntimeInformation.OSDescription;
        return File.Exists(Release) ? $"Linux {File.ReadAllText(Release).Trim()}, {system}" : system;
    }

    private static string ProcessorModel()
    {
        const string Info = "/proc/cpuinfo";
        string? line = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return line?.Split(':')[^1].Trim() ?? "unknown";
    }
}
