using System.Diagnostics;
using System.Globalization;
using Samepage.Testing;

namespace Samepage.Conformance.Peers;

/// <summary>Another process of this executable, which does what it is told, a line at a time.</summary>
internal sealed class Peer : IDisposable
{
    public const string Argument = "--peer";

    /// <summary>Far beyond anything that a working system takes: past it something hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private Task<string?>? _pending;

    private Peer(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>All processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Peer Start()
    {
        var start = new ProcessStartInfo
        {
            FileName = Environment.ProcessPath!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Peer).Assembly.Location);
        start.ArgumentList.Add(Argument);
        var peer = new Peer(StartedProcess.Of(start));
        Assert.Equal("ready", peer.ReadLine());
        return peer;
    }

    /// <summary>Tells it to do something and gives back what came of it; a refusal there is an exception here.</summary>
    public string Do(string verb, params object[] arguments)
    {
        Begin(verb, arguments);
        return End();
    }

    /// <summary>Tells it to do something that may take a while: it has begun when this returns.</summary>
    public void Begin(string verb, params object[] arguments)
    {
        Assert.Null(_pending);
        string line = string.Join(' ', arguments
            .Select(a => Uri.EscapeDataString(Convert.ToString(a, CultureInfo.InvariantCulture)!))
            .Prepend(verb));
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        Assert.Equal("begun", ReadLine());
        _pending = Task.Run(_process.StandardOutput.ReadLine);
    }

    /// <summary>Waits for what was begun.</summary>
    public string End()
    {
        Assert.True(IsDoneWithin(Patience), $"Process {Id} does not answer.");
        string line = _pending!.Result ?? throw new InvalidOperationException($"Process {Id} ended.");
        _pending = null;
        string[] parts = line.Split(' ', 2);
        string text = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "");
        return parts[0] == "ok" ? text : throw new PeerRefusedException(text);
    }

    /// <summary>True when what was begun has ended.</summary>
    public bool IsDoneWithin(TimeSpan time) => _pending!.Wait(time);

    /// <summary>Ends it as if the power had failed.</summary>
    public void Kill()
    {
        _process.Kill();
        Assert.True(_process.WaitForExit(Patience));
    }

    /// <summary>Ends it in good order, without closing anything first.</summary>
    public void Leave()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(Patience));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private string? ReadLine()
    {
        Task<string?> line = Task.Run(_process.StandardOutput.ReadLine);
        Assert.True(line.Wait(Patience), $"Process {Id} does not answer.");
        return line.Result;
    }
}

/// <summary>What the other process met: the reason and the code of its exception.</summary>
internal sealed class PeerRefusedException(string message) : Exception(message);
