using System.Diagnostics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals.Native;

/// <summary>A rival in C or C++: the program of a folder of bench/rivals, compiled when its library is there.</summary>
/// <param name="folder">Holds <c>rival.c</c> or <c>rival.cpp</c>.</param>
/// <param name="title">As it is called in a table.</param>
/// <param name="packages">Of Debian, which hold what it needs.</param>
internal class NativeRival(string folder, string title, string packages) : Rival
{
    private string? _missing;
    private bool _isPrepared;

    public override string Name => title;

    /// <summary>Looking for it compiles it, once.</summary>
    public sealed override string? Missing
    {
        get
        {
            if (!_isPrepared)
                _missing = Prepare();
            _isPrepared = true;
            return _missing;
        }
    }

    public override string? Version
    {
        get
        {
            if (Missing is not null)
                return null;
            using Process process = Process.Start(new ProcessStartInfo(Path.Combine(Folder, "rival"), ["version"]) { RedirectStandardOutput = true })!;
            string? version = process.StandardOutput.ReadLine();
            process.WaitForExit();
            return version;
        }
    }

    /// <summary>For the compiler: libraries, and where headers are.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>False: whoever waits sleeps.</summary>
    public bool Spins { get; init; }

    /// <summary>Bytes of the largest message.</summary>
    public long Largest { get; init; } = int.MaxValue;

    /// <summary>Where its program and whatever belongs to it are.</summary>
    protected string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "rivals", folder);

    public override bool Can(Job job) => (job.Blocks || Spins) && job.Size <= Largest;

    protected override PeerProcess StartSide(Job job, int core, string name, string side) => Missing is { } reason
        ? throw new InvalidOperationException($"{Name}: {reason}.")
        : PeerProcess.Reference(Path.Combine(Folder, "rival"), core, $"{name}-{folder}", side, $"{job}");

    /// <summary>Makes it ready to start, or says why it cannot be.</summary>
    protected virtual string? Prepare()
    {
        if (!OperatingSystem.IsLinux())
            return ReferenceCompiler.WhyNot;
        return ReferenceCompiler.TryGetRival(Folder, Flags) ? null : $"not installed: {packages}";
    }
}
