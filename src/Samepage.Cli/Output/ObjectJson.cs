using System.Text.Json.Serialization;

namespace Samepage.Cli.Output;

/// <summary>An object as <c>--json</c> prints it; what a kind does not have is left out.</summary>
internal sealed record ObjectJson(
    string? Name,
    [property: JsonConverter(typeof(CamelCase<SharedObjectKind>))] SharedObjectKind Kind,
    [property: JsonConverter(typeof(CamelCase<SharedObjectScope>))] SharedObjectScope Scope,
    long? Size,
    long? CommittedSize,
    [property: JsonConverter(typeof(CamelCase<MemoryAccess>))] MemoryAccess? Protection,
    string? BackingFile,
    long ResidentBytes,
    DateTimeOffset Created,
    int CreatorProcessId,
    string CreatorProgram,
    StateJson? State,
    IReadOnlyList<SharedObjectHolder> Holders)
{
    public static ObjectJson Of(SharedObjectInfo o)
    {
        bool section = o.Kind == SharedObjectKind.Section;
        return new ObjectJson(
            o.Name, o.Kind, o.Scope,
            section ? o.Size : null,
            section ? o.CommittedSize : null,
            section ? o.Protection : null,
            o.BackingFile, o.ResidentBytes, o.Created, o.CreatorProcessId, o.CreatorProgram,
            o.State is { } state ? StateJson.Of(o.Kind, state) : null,
            o.Holders ?? []);
    }
}

/// <summary>The state of a mutex, event or semaphore.</summary>
internal sealed record StateJson(
    bool IsSignaled,
    bool HasWaiters,
    int? OwnerProcessId = null,
    int? OwnerThreadId = null,
    bool? IsAbandoned = null,
    bool? IsManualReset = null,
    int? Count = null,
    int? Maximum = null)
{
    public static StateJson Of(SharedObjectKind kind, SharedObjectState s) => kind switch
    {
        SharedObjectKind.Mutex => new(s.IsSignaled, s.HasWaiters, s.OwnerProcessId, s.OwnerThreadId, s.IsAbandoned),
        SharedObjectKind.Event => new(s.IsSignaled, s.HasWaiters, IsManualReset: s.IsManualReset),
        _ => new(s.IsSignaled, s.HasWaiters, Count: s.Count, Maximum: s.Maximum),
    };
}

/// <summary>What <c>clean</c> found.</summary>
internal sealed record OrphanJson(
    string Name,
    [property: JsonConverter(typeof(CamelCase<SharedObjectScope>))] SharedObjectScope Scope,
    long Bytes,
    bool Removed,
    string? Remark);

/// <summary>What <c>doctor</c> saw.</summary>
internal sealed record FindingJson(
    string Subject,
    [property: JsonConverter(typeof(CamelCase<FindingSeverity>))] FindingSeverity Severity,
    string Observation,
    string? Remedy);

/// <summary>Bytes that <c>dump --follow</c> saw change.</summary>
internal sealed record ChangeJson(DateTimeOffset Time, long Offset, byte[] Base64);

/// <summary>Enums by name, as the properties are written.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
