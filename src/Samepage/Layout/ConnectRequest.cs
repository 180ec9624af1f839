namespace Samepage.Layout;

/// <summary>What a client asks of a listener: the word that stands where a reader of a channel has its position.</summary>
/// <remarks>
/// <code>
///  63                                          2 1   0
///  +--------------------------------------------+-----+
///  | id of the connection, drawn by lot         |state|
///  +--------------------------------------------+-----+
/// </code>
/// The client writes it, and it is the client's whose life stands in the block; the listener only moves it on from Asked to Taken, and from there to Refused, or from Asked to None when it begins to listen.
/// </remarks>
internal static class ConnectRequest
{
    public const ulong None = 0;

    private const ulong StateMask = 3;
    private const ulong AskedState = 1;
    private const ulong TakenState = 2;
    private const ulong RefusedState = 3;

    public static ulong Asked(ulong id) => id & ~StateMask | AskedState;

    public static ulong Taken(ulong request) => request & ~StateMask | TakenState;

    public static ulong Refused(ulong request) => request & ~StateMask | RefusedState;

    public static bool IsAsked(ulong request) => (request & StateMask) == AskedState;

    /// <summary>Asked or Taken.</summary>
    public static bool IsPending(ulong request) => (request & StateMask) is AskedState or TakenState;

    public static bool IsRefused(ulong request) => (request & StateMask) == RefusedState;

    /// <summary>Without the state.</summary>
    public static ulong IdOf(ulong request) => request & ~StateMask;
}
