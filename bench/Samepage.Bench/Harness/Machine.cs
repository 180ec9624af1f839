using System.Runtime.InteropServices;

namespace Samepage.Bench.Harness;

/// <summary>Where the figures come from: without that they mean nothing.</summary>
internal sealed record Machine(
    string Processor, int Processors, string System, string Runtime, string Compiler, string LoadAverage, DateTime Date)
{
    /// <summary>Taken before the run, so that the load is other programs'.</summary>
    public static Machine Describe() => new(
        ProcessorModel(),
        Environment.ProcessorCount,
        KernelDescription(),
        $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture}",
        ReferenceCompiler.Description,
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown",
        DateTime.UtcNow);

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
