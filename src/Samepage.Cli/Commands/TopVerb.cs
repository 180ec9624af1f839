using System.CommandLine;
using System.Diagnostics;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;
using Samepage.Cli.Top;

namespace Samepage.Cli.Commands;

/// <summary>All objects, live: who holds them, how much goes through them, who waits for whom.</summary>
internal sealed class TopVerb : Verb
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(100);

    private readonly Argument<string?> _pattern = new("PATTERN")
    {
        Description = "Only objects whose name or kind has this in it, or is like a pattern with * and ?.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<TopSort?> _sort = new("--sort", "-s")
    {
        Description = "What it is sorted by: names from a to z, numbers from the largest down. Default: name.",
        HelpName = "name|kind|holders|messages|bytes|lag|waiters|blocked",
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (Enum.GetNames<TopSort>().Contains(text, StringComparer.OrdinalIgnoreCase))
                return Enum.Parse<TopSort>(text, ignoreCase: true);
            a.AddError($"\"{text}\" is nothing to sort by. Choose from {string.Join(", ", Enum.GetNames<TopSort>()).ToLowerInvariant()}.");
            return null;
        },
    };
    private readonly Option<bool> _reverse = new("--reverse", "-r") { Description = "Sort the other way round.", Arity = ArgumentArity.Zero };
    private readonly Option<TimeSpan?> _every = Common.Time("--every", "How often to look. Default: 1s.");
    private readonly Option<bool> _once = Common.Switch("--once", "Print one table, of two looks, and end.");
    private readonly Option<int?> _count = new("--count") { Description = "Print so many tables and end.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<bool> _json = Common.Switch("--json", "Print JSON, an array a line.");

    public TopVerb(Session session)
        : base(session, "top",
            "Show all objects live: who holds them, how many messages and bytes went through them since the last look, how far readers are behind, who waits, and who blocks whom. " +
            "At a terminal it goes on until q, and ? shows the keys; elsewhere it prints a table for each look, with tabs between the columns. Holds and takes nothing.",
            "samepage top",
            "samepage top 'log*' --sort bytes",
            "samepage top --once --sort waiters | head",
            "samepage top --json --count 10 --every 500ms | jq '.[] | select(.blocked)'")
    {
        Add(_pattern);
        Add(_sort);
        Add(_reverse);
        Add(_every);
        Add(_once);
        Add(_count);
        Add(_json);
        Validators.Add(line =>
        {
            if (line.GetValue(_once) && line.GetResult(_count) is not null)
                line.AddError("--once is --count 1: leave one of them out.");
        });
    }

    protected override int Run(ParseResult line)
    {
        TimeSpan every = line.GetValue(_every) is { } given ? (given < _shortest ? _shortest : given) : TimeSpan.FromSeconds(1);
        var state = new TopState
        {
            Sort = line.GetValue(_sort) ?? TopSort.Name,
            IsReversed = line.GetValue(_reverse),
            Filter = line.GetValue(_pattern) ?? "",
        };
        int? tables = line.GetValue(_once) ? 1 : line.GetValue(_count);
        state.See(TopLook.Take());
        if (tables is null && !line.GetValue(_json) && Session.Terminal.CanRedraw)
            Show(state, every);
        else
            Print(state, every, tables, new TopTables(Session.Terminal, line.GetValue(_json)));
        return ExitCodes.Success;
    }

    private void Print(TopState state, TimeSpan every, int? left, TopTables tables)
    {
        do
        {
            _ = Session.Ended.WaitHandle.WaitOne(every);
            Session.Ended.ThrowIfCancellationRequested();
            state.See(TopLook.Take());
            tables.Write(state);
        }
        while (--left != 0);
    }

    private void Show(TopState state, TimeSpan every)
    {
        TextWriter output = Session.Terminal.Out;
        var keys = new TopKeys();
        output.Write(TopScreen.Enter);
        try
        {
            for (long looked = Stopwatch.GetTimestamp(); ;)
            {
                (int width, int height) = (Console.WindowWidth, Console.WindowHeight);
                output.Write(TopScreen.Draw(state, Details(state), width, height));
                output.Flush();
                TimeSpan rest = every - Stopwatch.GetElapsedTime(looked);
                if (rest > TimeSpan.Zero && keys.TryTake(out ConsoleKeyInfo? key, rest, Session.Ended))
                {
                    if (!state.Press(key.Value, TopScreen.RowsIn(height)))
                        return;
                    continue;
                }
                looked = Stopwatch.GetTimestamp();
                if (!state.IsPaused)
                    state.See(TopLook.Take());
            }
        }
        finally
        {
            output.Write(TopScreen.Leave);
            output.Flush();
        }
    }

    private static IReadOnlyList<(string Label, string Value)> Details(TopState state) =>
        state.Page == TopPage.Details && state.Rows.Count > 0 && state.Rows[state.Chosen].Object.Info is { } chosen ? [.. ObjectSheet.Lines(chosen)] : [];
}
