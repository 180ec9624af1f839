using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>A test with objects of its own: a directory that no other test shares, and the tool to run in it.</summary>
public abstract class CliTest : IDisposable
{
    private static readonly string _tool = Path.Combine(AppContext.BaseDirectory, "Samepage.Cli" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    private readonly List<Running> _started = [];

    protected CliTest()
    {
        string parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        Root = Path.Combine(parent, "samepage-cli-tests-" + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(Root);
    }

    /// <summary>Where the objects live, and the working directory of all processes.</summary>
    protected string Root { get; }

    public void Dispose()
    {
        foreach (Running running in _started)
            running.Dispose();
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal Running Start(params string[] arguments) => Started(new Running(_tool, Root, arguments));

    internal Running StartWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Started(new Running(_tool, Root, arguments, environment));

    /// <summary>A shell that finds the tool as <c>$samepage</c>.</summary>
    internal Running Shell(string script, string program = "/bin/sh") =>
        Started(new Running(program, Root, ["-c", script], new Dictionary<string, string> { ["samepage"] = _tool, ["TERM"] = "xterm-256color" }));

    /// <summary>Runs the tool without input to its end.</summary>
    internal Outcome Run(params string[] arguments) => RunOn([], arguments);

    internal Outcome RunOn(ReadOnlySpan<byte> input, params string[] arguments)
    {
        Running running = Start(arguments);
        try
        {
            running.Input.Write(input);
            running.Input.Close();
        }
        catch (IOException)
        {
            // It ended without reading all.
        }
        return running.End();
    }

    /// <summary>Runs the tool, which must succeed.</summary>
    internal Outcome Succeed(params string[] arguments)
    {
        Outcome outcome = Run(arguments);
        Assert.True(outcome.Code == 0, $"{string.Join(' ', arguments)} ended with {outcome.Code}: {outcome.Error}");
        return outcome;
    }

    /// <summary>Runs the tool, which must end with that code and tell why in a line or two, without a stack trace.</summary>
    internal string Fail(int code, params string[] arguments)
    {
        Outcome outcome = Run(arguments);
        Assert.True(outcome.Code == code, $"{string.Join(' ', arguments)} ended with {outcome.Code}: {outcome.Error}");
        Assert.StartsWith("samepage: ", outcome.Error, StringComparison.Ordinal);
        Assert.InRange(outcome.Error.TrimEnd().Split('\n').Length, 1, 2);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        return outcome.Error;
    }

    internal JsonElement Json(params string[] arguments)
    {
        using JsonDocument document = JsonDocument.Parse(Succeed(arguments).Bytes);
        return document.RootElement.Clone();
    }

    /// <summary>Makes an object and waits until it is there.</summary>
    internal Running Create(params string[] arguments) => Start(["create", .. arguments]).After("held until");

    /// <summary>Looks at an object until it is as it should become. Each look is a process: it takes its time by itself.</summary>
    internal void Until(string name, Func<JsonElement, bool> condition)
    {
        for (int looks = 0; looks < 100; looks++)
        {
            if (condition(Json("info", name, "--json")))
                return;
        }
        Assert.Fail($"\"{name}\" does not become what it should: {Succeed("info", name).Text}");
    }

    private Running Started(Running running)
    {
        _started.Add(running);
        return running;
    }
}
