using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Which kind of object has a name: one namespace for all (W07), and an opener for each.</summary>
internal static unsafe class KindProbe
{
    // As the system knows them: all that is memory is a section to it.
    private static readonly SharedObjectKind[] _kinds =
        [SharedObjectKind.Section, SharedObjectKind.Mutex, SharedObjectKind.Event, SharedObjectKind.Semaphore];

    /// <summary>Null: nothing, or none of the four kinds.</summary>
    public static SharedObjectKind? Find(ObjectName name)
    {
        foreach (SharedObjectKind kind in _kinds)
        {
            using KernelHandle handle = Open(kind, name);
            // Denied: the kind was compared before the rights were.
            if (!handle.IsInvalid || WindowsErrors.Last == Win32Error.AccessDenied)
                return kind;
            if (WindowsErrors.Last != Win32Error.InvalidHandle)
                return null;
        }
        return null;
    }

    /// <summary>The refusal of an open that met another kind.</summary>
    public static SharedObjectException Refuse(ObjectName name, SharedObjectKind wanted, string call) => Find(name) is { } found && found != wanted
        ? WrongKind.Of(name, found, wanted)
        : WindowsErrors.Translate(call, Win32Error.InvalidHandle, $"Opening \"{name}\" as {wanted.Article()}", name.Full, wanted);

    /// <summary>With the right to look, and nothing else.</summary>
    public static KernelHandle Open(SharedObjectKind kind, ObjectName name)
    {
        fixed (char* full = name.Full)
        {
            return kind switch
            {
                SharedObjectKind.Section => Kernel32.OpenFileMapping(Win32.SectionQuery | Win32.MapRead, 0, full),
                SharedObjectKind.Mutex => Kernel32.OpenMutex(Win32.QueryState, 0, full),
                SharedObjectKind.Event => Kernel32.OpenEvent(Win32.QueryState, 0, full),
                _ => Kernel32.OpenSemaphore(Win32.QueryState, 0, full),
            };
        }
    }
}
