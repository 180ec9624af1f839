using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals.KestrelUnixSocket;

/// <summary>A POST to Kestrel over a Unix socket, and its answer. Its sides are a program of their own, which alone needs ASP.NET Core.</summary>
internal sealed class KestrelUnixSocketRival : Rival
{
    private const string Program = "Samepage.Bench.Kestrel";

    // Both programs lie in artifacts/bin/<project>/<configuration>/.
    private static readonly string _path = Path.Combine(
        AppContext.BaseDirectory, "..", "..", Program, new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? $"{Program}.exe" : Program);

    public override string Name => "HTTP over a Unix socket (Kestrel)";

    public override string? Missing => File.Exists(_path) ? null : $"{Program} is not built";

    public override bool Can(Job job) => job is { Kind: JobKind.RoundTrip, Blocks: true };

    protected override PeerProcess StartSide(Job job, int core, string name, string side) =>
        PeerProcess.Managed(_path, core, processorCount: 2, $"{job}", name, side);
}
