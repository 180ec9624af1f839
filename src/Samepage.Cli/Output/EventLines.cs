using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>What happened to objects, a line each as it comes: with colours at a terminal, with tabs in a pipe, or as JSON.</summary>
internal sealed class EventLines(Terminal terminal, bool json)
{
    public void Write(string name, ObjectEvent e)
    {
        string time = Shown.Invariant($"{e.Time:yyyy-MM-dd HH:mm:ss.fff}Z");
        if (json)
            Json.Write(terminal.Out, EventJson.Of(name, e), Json.Lines.EventJson);
        else if (terminal.IsOutputTerminal)
            terminal.Rich.MarkupLine($"[grey]{time}[/]  [bold]{Markup.Escape(Shown.Text(name))}[/]  {Markup.Escape(Text(name, e))}");
        else
            terminal.Say($"{time}\t{Shown.Text(name)}\t{Text(name, e)}");
    }

    private static string Text(string name, ObjectEvent e) => e.Kind switch
    {
        ObjectEventKind.Absent => $"waiting for {Shown.Name(name)} to be made",
        ObjectEventKind.Removed => $"removed; waiting for {Shown.Name(name)} to be made",
        ObjectEventKind.Present => Description(e.Object!),
        ObjectEventKind.Created => $"created by {Process(e)}: {Description(e.Object!)}",
        ObjectEventKind.Joined => $"holder joined: {Process(e)}",
        ObjectEventKind.Left => $"holder left: {Process(e)}",
        ObjectEventKind.Taken => $"taken by {Process(e)}",
        ObjectEventKind.Abandoned => "abandoned: its owner ended without releasing it",
        ObjectEventKind.Count => Shown.Invariant($"permits {e.Change!.Value.Before:N0} -> {e.Change.Value.Now:N0} of {e.Object!.State!.Maximum:N0}"),
        ObjectEventKind.Waiters => Shown.Invariant($"waiters {e.Change!.Value.Before:N0} -> {e.Change.Value.Now:N0}"),
        _ => e.Kind.ToString().ToLowerInvariant(),
    };

    private static string Description(SharedObjectInfo o) => $"{Shown.Kind(o.Kind)}, {ObjectText.State(o)}";

    private static string Process(ObjectEvent e) => e.Process switch
    {
        { ProcessId: > 0 } process => Shown.Invariant($"{process.ProcessId} {Shown.Text(process.Program)}").TrimEnd(),
        _ => Shown.Invariant($"thread {e.Object!.State!.OwnerThreadId}"),
    };
}
