using System.Diagnostics;
using System.Text;

namespace Samepage.Cli.Demo;

/// <summary>One of the sample programs, running as a process of its own: fed, read, and, where a scene wants it, killed.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Task<string> _remarks;

    public SampleProcess(string sample, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, sample);
        // A tool that was published with the runtime beside it brings samples of the same kind, and there need be no other runtime.
        bool ownRuntime = Path.GetDirectoryName(typeof(object).Assembly.Location) == Path.GetDirectoryName(program);
        (string file, string[] before) = ownRuntime
            ? (program + (OperatingSystem.IsWindows() ? ".exe" : ""), Array.Empty<string>())
            : ("dotnet", ["exec", program + ".dll"]);
        var utf8 = new UTF8Encoding(false);
        _process = Process.Start(new ProcessStartInfo(file, [.. before, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        })!;
        Name = string.Join(' ', [sample, .. arguments]);
        _remarks = _process.StandardError.ReadToEndAsync();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>What it says beside its output, once it has ended.</summary>
    public string Remarks => _remarks.Result.Trim();

    /// <summary>The next line of its output.</summary>
    public string ReadLine()
    {
        Task<string?> line = Output.ReadLineAsync();
        if (!line.Wait(_patience))
            throw new IOException($"{Name} said nothing for {_patience.TotalSeconds} seconds.");
        return line.Result ?? throw new IOException($"{Name} ended without the line that was expected: {Remarks}");
    }

    /// <summary>Waits for its end and says its exit code.</summary>
    public int End()
    {
        if (!_process.WaitForExit(_patience))
            throw new IOException($"{Name} did not end within {_patience.TotalSeconds} seconds.");
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
