namespace Samepage.Conformance.ErrorModel;

/// <summary>What the rows of the table are written with.</summary>
internal static class Fault
{
    public static IDisposable Create(SharedObjectKind kind, string name) => kind switch
    {
        SharedObjectKind.Section => SharedMemory.Create(name, 4096),
        SharedObjectKind.Mutex => SharedMutex.Create(name),
        SharedObjectKind.Event => SharedEvent.Create(name, EventResetMode.AutoReset),
        _ => SharedSemaphore.Create(name, 0, 1),
    };

    public static string A(SharedObjectKind kind) => (kind == SharedObjectKind.Event ? "an " : "a ") + kind.ToString().ToLowerInvariant();

    public static SharedMemoryOptions For(MemoryAccess access) => new() { Protection = access };

    /// <summary>Over a file, so that every protection can be made; the message names the section, not the file.</summary>
    public static SharedMemory OverFile(FaultScene scene, MemoryAccess protection)
    {
        string path = scene.File(4096);
        scene.Subject = scene.Name;
        return scene.Keep(SharedMemory.CreateFromFile(path, scene.Name, 0, For(protection)));
    }

    public static string Gone(LentHandle lent)
    {
        lent.Dispose();
        return lent.Text;
    }

    /// <summary>A refusal whose message names the scene's object or file.</summary>
    public static FaultCase Refused(string title, FailureReason reason, int code, Func<FaultScene, Action> provoke) =>
        new(title, Outcome.Refused(reason, code), provoke);

    /// <summary>A refusal whose message says something else, because there is no name, or because the library refuses before it looks at one.</summary>
    public static FaultCase Refused(string title, FailureReason reason, int code, string subject, Func<FaultScene, Action> provoke) =>
        new(title, Outcome.Refused(reason, code), About(subject, provoke));

    public static FaultCase OnView(
        string title, FailureReason reason, int code, Action<MemoryView> fault, MemoryAccess protection = MemoryAccess.ReadWrite) =>
        Refused(title, reason, code, s =>
        {
            MemoryView view = s.View(protection);
            return () => fault(view);
        });

    public static FaultCase Misuse<TException>(string title, uint hresult, string subject, Action<MemoryView> fault)
        where TException : Exception => Thrown<TException>(title, hresult, subject, s =>
        {
            MemoryView view = s.View();
            return () => fault(view);
        });

    /// <summary>A call that can never be right: its HRESULT is that of ERROR_INVALID_PARAMETER, 87.</summary>
    public static FaultCase Argument(string title, string subject, Action fault) => Thrown<ArgumentException>(title, 0x8007_0057, subject, fault);

    public static FaultCase Disposed(string title, string subject, Func<FaultScene, Action> provoke) =>
        Thrown<ObjectDisposedException>(title, 0x8013_1622, subject, provoke);

    public static FaultCase Thrown<TException>(string title, uint hresult, string subject, Action fault)
        where TException : Exception => Thrown<TException>(title, hresult, subject, _ => fault);

    public static FaultCase Thrown<TException>(string title, uint hresult, string? subject, Func<FaultScene, Action> provoke)
        where TException : Exception =>
        new(title, Outcome.Thrown(typeof(TException).Name, hresult), subject is null ? provoke : About(subject, provoke));

    private static Func<FaultScene, Action> About(string subject, Func<FaultScene, Action> provoke) => scene =>
    {
        Action fault = provoke(scene);
        scene.Subject = subject;
        return fault;
    };
}
