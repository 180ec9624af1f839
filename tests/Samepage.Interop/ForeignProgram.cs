using System.Diagnostics;
using System.Globalization;
using Samepage.Testing;

namespace Samepage.Interop;

/// <summary>A running program of tests/interop, written in C against Win32 alone: it does what it is told, a line at a time.</summary>
internal sealed class ForeignProgram : IDisposable
{
    /// <summary>Far beyond anything that a working system takes: past it something hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private Task<string?>? _answer;

    private ForeignProgram(string path, string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        _process = StartedProcess.Of(start);
    }

    /// <summary>Starts the program of that name; the test is skipped where there is none.</summary>
    public static ForeignProgram Start(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Win32 programs run on Windows, or under Wine: tests/wine/run.sh tests/Samepage.Interop.");
        string path = Path.Combine(AppContext.BaseDirectory, "programs", name + ".exe");
        Assert.SkipUnless(File.Exists(path), $"{path} is not there: tests/interop/build.sh compiles it.");
        return new ForeignProgram(path, []);
    }

    /// <summary>Another process of this executable that owns the mutex of that name.</summary>
    public static ForeignProgram StartOwner(string mutex)
    {
        var owner = new ForeignProgram(Environment.ProcessPath!, [Program.OwnArgument, mutex]);
        owner._answer = Task.Run(owner._process.StandardOutput.ReadLine);
        Assert.Equal("owned", owner.ReadLine());
        return owner;
    }

    /// <summary>Tells it to do something; what follows its "ok", or a failed test.</summary>
    public string Do(FormattableString command)
    {
        Begin(command);
        return End();
    }

    /// <summary>Tells it to do something that its system refuses; the error code.</summary>
    public int Refused(FormattableString command)
    {
        Begin(command);
        string line = ReadLine();
        Assert.StartsWith("error ", line, StringComparison.Ordinal);
        return int.Parse(line.AsSpan("error ".Length), CultureInfo.InvariantCulture);
    }

    public void Begin(FormattableString command)
    {
        Assert.Null(_answer);
        // Blanks separate words, so one inside of a word travels as a tab.
        object?[] words = [.. command.GetArguments().Select(a => a is string s ? s.Replace(' ', '\t') : a)];
        _process.StandardInput.WriteLine(string.Format(CultureInfo.InvariantCulture, command.Format, words));
        _process.StandardInput.Flush();
        _answer = Task.Run(_process.StandardOutput.ReadLine);
    }

    public string End()
    {
        string line = ReadLine();
        Assert.StartsWith("ok", line, StringComparison.Ordinal);
        return line[2..].TrimStart();
    }

    /// <summary>Ends it as if the power had failed.</summary>
    public void Kill()
    {
        _process.Kill();
        Assert.True(_process.WaitForExit(Patience));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private string ReadLine()
    {
        Assert.True(_answer!.Wait(Patience), "The program does not answer.");
        string? line = _answer.Result;
        _answer = null;
        Assert.NotNull(line);
        return line;
    }
}
