using System.Text.Json.Serialization;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>A row of <c>top</c>, as <c>--json</c> prints it; what a kind does not have is left out.</summary>
internal sealed record TopJson(
    string Name,
    [property: JsonConverter(typeof(CamelCase<SharedObjectKind>))] SharedObjectKind Kind,
    int? Holders,
    double? MessagesPerSecond,
    double? BytesPerSecond,
    long? Lag,
    int? Waiters,
    string? Blocked)
{
    public static TopJson Of(TopRow row) => new(row.Object.Name, row.Object.Kind, row.Object.Holders, row.MessageRate, row.ByteRate, row.Object.Lag, row.Object.Waiters,
        row.Object.Blocked.Length == 0 ? null : row.Object.Blocked);
}
