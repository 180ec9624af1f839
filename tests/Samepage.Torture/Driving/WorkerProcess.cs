using System.Collections.Concurrent;
using System.Diagnostics;
using Samepage.Torture.Working;

namespace Samepage.Torture.Driving;

/// <summary>A running worker, and what it says.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly BlockingCollection<string?> _lines = [];

    public WorkerProcess(string mode, IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        string[] words = [.. isHost ? ["exec", Path.Combine(AppContext.BaseDirectory, "Samepage.Torture.dll")] : Array.Empty<string>(), mode, .. arguments];
        foreach (string word in words)
            start.ArgumentList.Add(word);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => _lines.Add(e.Data);
        _process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<RolePlace> Roles { get; init; } = [];

    /// <summary>What it said of a fault, if it did.</summary>
    public string? Fault { get; private set; }

    public bool HasExited => _process.HasExited;

    public bool IsStopped { get; private set; }

    public void Say(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has died, as its answer will show.
        }
    }

    /// <summary>Waits for a line; false if it died or said nothing for too long. Faults that it tells are kept.</summary>
    public bool Hears(string expected)
    {
        while (_lines.TryTake(out string? line, _patience) && line is not null)
        {
            if (line == expected)
                return true;
            Note(line);
        }
        return false;
    }

    /// <summary>Waits for a line that begins so; null if it died or said nothing for too long.</summary>
    public string? HearsLine(string beginning)
    {
        while (_lines.TryTake(out string? line, _patience) && line is not null)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line;
        }
        return null;
    }

    /// <summary>Nothing more will be said to it.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Looks, without waiting, whether it has told of a fault.</summary>
    public bool HasFault()
    {
        while (_lines.TryTake(out string? line))
            Note(line);
        return Fault is not null;
    }

    private void Note(string? line)
    {
        if (line?.StartsWith("FAULT", StringComparison.Ordinal) == true)
            Fault ??= line;
    }

    public void Stop()
    {
        Signal.Stop(_process);
        IsStopped = true;
    }

    public void Continue()
    {
        Signal.Continue(_process);
        IsStopped = false;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Its exit code, or null if it does not come to an end.</summary>
    public int? WaitForExit() => _process.WaitForExit(_patience) ? _process.ExitCode : null;

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        _lines.Dispose();
    }
}
