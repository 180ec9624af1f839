using System.Globalization;
using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>One object, a line for each thing that can be said of it.</summary>
internal static class ObjectSheet
{
    public static void Write(Terminal terminal, SharedObjectInfo o)
    {
        if (!terminal.IsOutputTerminal)
        {
            foreach ((string label, string value) in Lines(o))
                terminal.Out.WriteLine($"{label + ":",-12} {value}");
            return;
        }
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string label, string value) in Lines(o))
        {
            string colour = label switch { "name" => "bold", "kind" => ObjectTable.ColourOf(o.Kind), _ => "default" };
            grid.AddRow($"[grey]{label}[/]", $"[{colour}]{Markup.Escape(value)}[/]");
        }
        terminal.Rich.Write(grid);
    }

    private static IEnumerable<(string Label, string Value)> Lines(SharedObjectInfo o)
    {
        yield return ("name", Shown.Text(o.Name ?? "-"));
        yield return ("kind", Shown.Kind(o.Kind));
        yield return ("scope", o.Scope == SharedObjectScope.Global ? "global (all users of the machine)" : "local (this user)");
        if (o.Kind == SharedObjectKind.Section)
        {
            yield return ("size", Shown.Bytes(o.Size));
            yield return ("committed", Shown.Bytes(o.CommittedSize));
            yield return ("protection", o.Protection.ToString());
            if (o.BackingFile is { } file)
                yield return ("file", Shown.Text(file));
        }
        else
        {
            yield return ("state", ObjectText.State(o));
        }
        yield return ("resident", Shown.Bytes(o.ResidentBytes));
        yield return ("created", $"{Shown.Time(o.Created)} ({Shown.Age(DateTimeOffset.UtcNow - o.Created)})");
        yield return ("creator", string.Create(CultureInfo.InvariantCulture, $"{o.CreatorProcessId} {Shown.Text(o.CreatorProgram)}"));
        if (o.Holders is not { Count: > 0 } holders)
        {
            yield return ("held by", "processes that this user may not see");
            yield break;
        }
        foreach (SharedObjectHolder holder in holders)
            yield return ("held by", Shown.Invariant($"{holder.ProcessId} {Shown.Text(holder.Program)}{(holder.ProcessId == o.State?.OwnerProcessId ? "  (owner)" : "")}"));
    }
}
