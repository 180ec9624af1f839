using System.Globalization;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>A column of the table.</summary>
/// <param name="Sort">By what it sorts.</param>
/// <param name="Title">What stands above it.</param>
/// <param name="Width">In cells; 0: what the others leave.</param>
/// <param name="Text">What people read.</param>
/// <param name="Plain">What programs read.</param>
internal sealed record TopColumn(TopSort Sort, string Title, int Width, Func<TopRow, string> Text, Func<TopRow, string> Plain)
{
    public bool IsNumber => Sort is not (TopSort.Name or TopSort.Kind or TopSort.Blocked);

    public static IReadOnlyList<TopColumn> All { get; } =
    [
        Words(TopSort.Name, "NAME", 0, r => r.Object.Name),
        Words(TopSort.Kind, "KIND", 10, r => Shown.Kind(r.Object.Kind)),
        Number(TopSort.Holders, "HOLDERS", 8, r => r.Object.Holders),
        new(TopSort.Messages, "MSG/S", 8, r => Rate(r.MessageRate), r => Plainly(r.MessageRate)),
        new(TopSort.Bytes, "BYTES/S", 9, r => r.ByteRate is { } rate ? Shown.Size((long)rate) : "-", r => Plainly(r.ByteRate)),
        new(TopSort.Lag, "LAG", 9, Lag, r => Plainly(r.Object.Lag)),
        Number(TopSort.Waiters, "WAITERS", 8, r => r.Object.Waiters),
        Words(TopSort.Blocked, "BLOCKED", 0, r => r.Object.Blocked),
    ];

    private static TopColumn Words(TopSort sort, string title, int width, Func<TopRow, string> text) => new(sort, title, width, r => Shown.Text(text(r)), r => text(r) is { Length: > 0 } some ? Shown.Text(some) : "-");

    private static TopColumn Number(TopSort sort, string title, int width, Func<TopRow, long?> number) =>
        new(sort, title, width, r => number(r) is { } n ? Shown.Invariant($"{n:N0}") : "-", r => Plainly(number(r)));

    private static string Lag(TopRow row) => row.Object.Lag switch
    {
        null => "-",
        { } bytes when row.Object.Kind == SharedObjectKind.Pipe => Shown.Size(bytes),
        { } messages => Shown.Invariant($"{messages:N0}"),
    };

    private static string Rate(double? rate) => rate switch
    {
        null => "-",
        0 => "0",
        < 10 => Shown.Invariant($"{rate:0.0}"),
        < 1_000_000 => Shown.Invariant($"{rate:N0}"),
        _ => Shown.Invariant($"{rate / 1e6:0.0}M"),
    };

    private static string Plainly(double? number) => number?.ToString("0.#", CultureInfo.InvariantCulture) ?? "-";
}
