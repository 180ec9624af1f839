using System.CommandLine;
using Samepage.Cli.Demo;

namespace Samepage.Cli.Commands;

/// <summary>Shows the worked examples at work, with real processes.</summary>
internal sealed class DemoVerb(Session session)
    : Verb(session, "demo", "Show the worked examples at work, in real processes. Exit code 1 when something is not as it should be.", "samepage demo")
{
    private static readonly string[] _examples = ["Relay", "SharedText", "Bitmap", "Frames"];

    protected override int Run(ParseResult line)
    {
        var stage = new Stage(Session.Terminal);
        stage.Say("Examples of processes that share memory, locks, signals and channels by name. Each is a program of its own in samples/.");
        RelayScene.Play(stage);
        SharedTextScene.Play(stage);
        BitmapScene.Play(stage);
        FramesScene.Play(stage);

        stage.Title("What is left");
        SharedObjects.RemoveOrphans();
        SharedObjectInfo[] left = [.. SharedObjects.List().Where(o => IsOfTheDemo(o.Name))];
        stage.Check(left.Length == 0, left.Length == 0
            ? "nothing: the last to leave, or to die, took everything along"
            : "objects of the examples: " + string.Join(", ", left.Select(o => o.Name)));
        return stage.AllWell ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static bool IsOfTheDemo(string? name) =>
        name is not null && _examples.Any(example => name.StartsWith(example, StringComparison.Ordinal));
}
