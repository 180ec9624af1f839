namespace Samepage.Platform;

/// <summary>All kinds share one namespace (W07): the refusal when a name belongs to another kind.</summary>
internal static class WrongKind
{
    public static SharedObjectException Of(ObjectName name, SharedObjectKind found, SharedObjectKind wanted) => new(
        FailureReason.WrongKind,
        $"\"{name}\" is the name of {found.Article()} and cannot be opened as {wanted.Article()}: objects of all kinds share one namespace. Give each its own name.",
        name.Full, wanted);
}
