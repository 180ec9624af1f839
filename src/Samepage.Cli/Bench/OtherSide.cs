using System.Diagnostics;
using Samepage.Channels;
using Samepage.Cli.Output;

namespace Samepage.Cli.Bench;

/// <summary>This tool once more, as the side that answers. It ends with its standard input: so it does not outlive this process, however that ends.</summary>
internal sealed class OtherSide : IDisposable
{
    public const string Verb = "bench-answer";

    /// <summary>Far more than it takes to leave: who is still there is stuck.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task<string> _remarks;
    private readonly Task _watch;

    /// <param name="job">What it does.</param>
    /// <param name="addresses">Of the routes, in turn.</param>
    /// <param name="over">Cancelled when the process has ended.</param>
    public OtherSide(BenchJob job, IEnumerable<string> addresses, CancellationTokenSource over)
    {
        string program = Environment.ProcessPath!;
        // Run by the host of .NET, the tool is the host's first argument.
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] spin = job.Strategy == WaitStrategy.BusySpin ? ["--spin"] : [];
        string[] arguments = [.. before, Verb, "--size", Shown.Invariant($"{job.Size}"), .. spin, .. addresses];
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true })!;
        _remarks = _process.StandardError.ReadToEndAsync();
        _watch = WatchAsync(over);
    }

    /// <summary>Waits for the end of one that has left or died, and says how that was. What it says when it was told to leave is for nobody.</summary>
    public string End()
    {
        Leave();
        string[] remarks = _remarks.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string why = remarks.Length == 0 ? "" : $" It said: {string.Join(' ', remarks)}";
        return Shown.Invariant($"the other side, process {_process.Id}, ended with exit code {_process.ExitCode} before all was measured.{why}");
    }

    public void Dispose()
    {
        Leave();
        _process.Dispose();
    }

    private void Leave()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(_patience))
            _process.Kill();
        _watch.GetAwaiter().GetResult();
    }

    private async Task WatchAsync(CancellationTokenSource over)
    {
        await _process.WaitForExitAsync();
        await over.CancelAsync();
    }
}
