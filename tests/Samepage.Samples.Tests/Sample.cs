using System.Diagnostics;
using System.Text;

namespace Samepage.Samples.Tests;

/// <summary>A sample program, running as a process of its own.</summary>
internal sealed class Sample : IDisposable
{
    /// <summary>Only a program that hangs takes that long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    public Sample(string root, string fileName, params string[] arguments)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SAMEPAGE_ROOT"] = root;
        Name = string.Join(' ', arguments.Select(Path.GetFileName));
        _process = Process.Start(start)!;
        Output = new Transcript(_process.StandardOutput.BaseStream, $"The output of {Name}");
        Remarks = new Transcript(_process.StandardError.BaseStream, $"What {Name} says");
    }

    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public string Name { get; }

    public Transcript Output { get; }

    public Transcript Remarks { get; }

    public bool HasEnded => _process.HasExited;

    public static string PathOf(string sample) => Path.Combine(AppContext.BaseDirectory, sample + ".dll");

    public Sample Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public Sample Write(ReadOnlySpan<byte> input)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(input);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It has ended: its exit code says why.
        }
        return this;
    }

    public Sample EndInput()
    {
        _process.StandardInput.BaseStream.Close();
        return this;
    }

    public int Wait()
    {
        Assert.True(_process.WaitForExit(Patience), $"{Name} did not end; it wrote \"{Output.Text}\" and said \"{Remarks.Text}\".");
        return _process.ExitCode;
    }

    /// <summary>Waits for its end and expects an exit code.</summary>
    public Sample Ends(int exitCode)
    {
        int code = Wait();
        Assert.True(code == exitCode, $"{Name} ended with {code}, not {exitCode}; it said \"{Encoding.UTF8.GetString(Remarks.ToEnd())}\".");
        _ = Output.ToEnd();
        return this;
    }

    /// <summary>kill -9, and nothing else: the process has no chance to do anything any more.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _ = Wait();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
