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
    ChannelJson? Channel,
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
            ChannelJson.Of(o),
            o.Holders ?? []);
    }
}

/// <summary>The state of a mutex, event or semaphore.</summary>
internal sealed record StateJson(
    bool IsSignaled,
    bool HasWaiters,
    int? WaiterCount,
    IReadOnlyList<SharedObjectHolder>? Waiters,
    int? OwnerProcessId = null,
    int? OwnerThreadId = null,
    bool? IsAbandoned = null,
    bool? IsManualReset = null,
    int? Count = null,
    int? Maximum = null)
{
    public static StateJson Of(SharedObjectKind kind, SharedObjectState s) => kind switch
    {
        SharedObjectKind.Mutex => new(s.IsSignaled, s.HasWaiters, s.WaiterCount, s.Waiters, s.OwnerProcessId, s.OwnerThreadId, s.IsAbandoned),
        SharedObjectKind.Lock => new(s.IsSignaled, s.HasWaiters, s.WaiterCount, s.Waiters, s.OwnerProcessId, IsAbandoned: s.IsAbandoned),
        SharedObjectKind.Event => new(s.IsSignaled, s.HasWaiters, s.WaiterCount, s.Waiters, IsManualReset: s.IsManualReset),
        _ => new(s.IsSignaled, s.HasWaiters, s.WaiterCount, s.Waiters, Count: s.Count, Maximum: s.Maximum),
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

/// <summary>What <c>watch</c> saw happen; what a kind of event does not have is left out.</summary>
internal sealed record EventJson(
    DateTimeOffset Time,
    string Name,
    [property: JsonConverter(typeof(CamelCase<ObjectEventKind>))] ObjectEventKind Event,
    [property: JsonConverter(typeof(CamelCase<SharedObjectKind>))] SharedObjectKind? Kind,
    int? ProcessId,
    int? ThreadId,
    string? Program,
    int? Before,
    int? Now,
    StateJson? State)
{
    public static EventJson Of(string name, ObjectEvent e) => new(
        e.Time, name, e.Kind, e.Object?.Kind,
        e.Process is { ProcessId: > 0 } process ? process.ProcessId : null,
        e.Kind == ObjectEventKind.Taken ? e.Object!.State!.OwnerThreadId : null,
        e.Process is { Program.Length: > 0 } known ? known.Program : null,
        e.Change?.Before, e.Change?.Now,
        e.Kind != ObjectEventKind.Removed && e.Object?.State is { } state ? StateJson.Of(e.Object.Kind, state) : null);
}

/// <summary>Enums by name, as the properties are written.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
