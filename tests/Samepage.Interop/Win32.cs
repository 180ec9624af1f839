using System.Runtime.CompilerServices;

namespace Samepage.Interop;

/// <summary>The numbers that the programs take and give (winnt.h, memoryapi.h, winerror.h, synchapi.h), and names for objects.</summary>
internal static class Win32
{
    public const int ReadWrite = 4;
    public const int MapCopy = 1, MapWrite = 2, MapRead = 4, MapAll = 6;
    public const int FileNotFound = 2, AccessDenied = 5, InvalidHandle = 6, AlreadyExists = 183, NotOwner = 288, TooManyPosts = 298, UserMappedFile = 1224;
    public const string Signaled = "0", Abandoned = "128", TimedOut = "258";

    /// <summary>A name that no other test, and no other run, uses.</summary>
    public static string NewName([CallerMemberName] string test = "") => $"{test[..Math.Min(test.Length, 40)]}-{Guid.NewGuid():N}";

    public static void Refusal(FailureReason reason, Action action) =>
        Assert.Equal(reason, Assert.Throws<SharedObjectException>(action).Reason);
}
