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

    public static IEnumerable<(string Label, string Value)> Lines(SharedObjectInfo o)
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
        else if (o.State is not null)
        {
            yield return ("state", ObjectText.State(o));
        }
        yield return ("resident", Shown.Bytes(o.ResidentBytes));
        yield return ("created", $"{Shown.Time(o.Created)} ({Shown.Age(DateTimeOffset.UtcNow - o.Created)})");
        yield return ("creator", string.Create(CultureInfo.InvariantCulture, $"{o.CreatorProcessId} {Shown.Text(o.CreatorProgram)}"));
        foreach (string holder in Holders(o))
            yield return ("held by", holder);
        if (ChannelText.Find(o) is { } channel)
        {
            foreach ((string label, string value) in ChannelText.Lines(channel, o.Holders ?? []))
                yield return (label, value);
        }
        if (o.State is not { } state)
            yield break;
        foreach (string waiter in Waiters(state))
            yield return ("waiters", waiter);
    }

    private static IEnumerable<string> Holders(SharedObjectInfo o) => o.Holders is { Count: > 0 } holders
        ? holders.Select(h => Holder(h) + (h.ProcessId == o.State?.OwnerProcessId ? "  (owner)" : ""))
        : ["processes that this user may not see"];

    /// <summary>A line for each process, and one for those whose process is not known.</summary>
    private static IEnumerable<string> Waiters(SharedObjectState state)
    {
        if (state.WaiterCount is not { } count)
        {
            yield return "unknown: the system does not tell";
            yield break;
        }
        IReadOnlyList<SharedObjectHolder> known = state.Waiters ?? [];
        foreach (IGrouping<SharedObjectHolder, SharedObjectHolder> waiter in known.GroupBy(w => w))
            yield return Holder(waiter.Key) + (waiter.Count() == 1 ? "" : Shown.Invariant($"  ({waiter.Count():N0} threads)"));
        int unknown = count - known.Count;
        if (unknown > 0)
            yield return Shown.Invariant($"{unknown:N0}{(known.Count == 0 ? "" : " more")}, in processes that the system does not tell");
        else if (known.Count == 0)
            yield return "none";
    }

    private static string Holder(SharedObjectHolder holder) => Shown.Invariant($"{holder.ProcessId} {Shown.Text(holder.Program)}");
}
